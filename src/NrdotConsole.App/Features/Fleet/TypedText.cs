namespace NrdotConsole.App.Features.Fleet;

/// <summary>
/// The text of a box whose value the address holds. On a slow line more letters are typed while the address of the former ones is
/// on its way back: those echoes must not overwrite the box. It follows the address only where somebody else changed it: a link,
/// a way back, a button that clears.
/// </summary>
public sealed class TypedText
{
    readonly Queue<string?> _echoes = [];
    string? _address;

    public string? Text { get; private set; }

    /// <returns>What the address shall hold.</returns>
    public string? Type(string? text)
    {
        Text = string.IsNullOrEmpty(text) ? null : text;
        _echoes.Enqueue(Text);
        return Text;
    }

    public void Follow(string? address)
    {
        if (address == _address) return;
        _address = address;
        if (_echoes.Contains(address))
        {
            while (_echoes.Dequeue() != address) { }
            return;
        }
        _echoes.Clear();
        Text = address;
    }
}
