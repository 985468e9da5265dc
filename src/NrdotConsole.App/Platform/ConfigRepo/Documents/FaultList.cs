namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>The faults of one file, in the order they are found, bounded by <see cref="ConfigLimits.MaxFaultsPerFile"/>.</summary>
internal sealed class FaultList(string file)
{
    readonly List<ConfigFault> _faults = [];
    int _more;

    public string File => file;
    public bool HasErrors { get; private set; }

    public void Error(int line, int column, string field, string message, string mend) => Add(new(file, line, column, field, message, mend));

    public void Warning(int line, int column, string field, string message, string mend) => Add(new(file, line, column, field, message, mend, FaultSeverity.Warning));

    public IEnumerable<ConfigFault> All => _more == 0
        ? _faults
        : _faults.Append(new(file, 0, 0, "", $"{_more} more faults are not listed.", "mend these first", HasErrors ? FaultSeverity.Error : FaultSeverity.Warning));

    void Add(ConfigFault fault)
    {
        HasErrors |= fault.Severity == FaultSeverity.Error;
        if (_faults.Count < ConfigLimits.MaxFaultsPerFile) _faults.Add(fault);
        else _more++;
    }
}
