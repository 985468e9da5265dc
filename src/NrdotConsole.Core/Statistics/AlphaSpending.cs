namespace NrdotConsole.Core.Statistics;

/// <summary>
/// How often one may look. Looking again and again at a level of 5 % errs far more often than 5 %, so the level is spent: of the
/// whole <paramref name="Alpha"/> each of <paramref name="Tests"/> tests gets an equal part, and of that each of <paramref name="Looks"/>
/// planned looks (Lan and DeMets 1983, "Discrete sequential boundaries for clinical trials", with the linear spending function; repeated
/// confidence intervals after Jennison and Turnbull 1989). Looks are bounded one by one, by Bonferroni's inequality, not by their joint
/// distribution: the promise "at most alpha" so holds however the looks depend on one another, at some cost in power. A look beyond the
/// plan has nothing left to spend.
/// </summary>
public readonly record struct AlphaSpending(double Alpha, int Tests, int Looks)
{
    public double PerLook => Alpha / (Math.Max(1, Tests) * (double)Math.Max(1, Looks));
}
