using NrdotConsole.App.Features.Fleet;

namespace NrdotConsole.App.Tests.Fleet;

public sealed class TypedTextTests
{
    readonly TypedText _box = new();

    [Fact]
    public void Letters_typed_while_the_address_is_on_its_way_stay()
    {
        foreach (var text in new[] { "w", "we", "web" }) Assert.Equal(text, _box.Type(text));
        foreach (var echo in new[] { "w", "we", "web" })
        {
            _box.Follow(echo);
            Assert.Equal("web", _box.Text);
        }
    }

    [Fact]
    public void An_address_that_nobody_typed_is_followed()
    {
        _box.Follow("db");
        Assert.Equal("db", _box.Text);
        _box.Type("dbx");
        _box.Follow("dbx");
        _box.Follow(null);
        Assert.Null(_box.Text);
        _box.Type("w");
        _box.Follow("from a link");
        _box.Follow("w");
        Assert.Equal("w", _box.Text);
    }

    [Fact]
    public void Echoes_that_came_together_are_one()
    {
        _box.Type("w");
        _box.Type("we");
        _box.Follow("we");
        _box.Follow("w");
        Assert.Equal("w", _box.Text);
    }

    [Fact]
    public void What_is_wiped_leaves_the_address() => Assert.Null(_box.Type(""));
}
