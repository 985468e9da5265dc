using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Tests.Profiles;

/// <summary>The language as the collector has it: its README is the reference.</summary>
public sealed class OttlTests
{
    static OttlScope Scope() => new(new() { ["process.executable.name"] = "postgres", ["process.pid"] = 42L, ["flag"] = true })
    {
        Point = new("process.cpu.time", new() { ["state"] = "user" }, 6.5),
    };

    [Theory]
    [InlineData("""metric.name == "process.cpu.time" """, true)]
    [InlineData("""metric.name != "process.cpu.time" """, false)]
    [InlineData("""attributes["state"] == "user" """, true)]
    [InlineData("""datapoint.attributes["state"] == "wait" """, false)]
    [InlineData("""resource.attributes["none"] == nil""", true)]
    [InlineData("""resource.attributes["process.pid"] != nil""", true)]
    [InlineData("""resource.attributes["process.pid"] == 42""", true)]
    [InlineData("""resource.attributes["process.pid"] == 42.0""", true)]
    [InlineData("""resource.attributes["process.pid"] == "42" """, false)]
    [InlineData("""resource.attributes["none"] < 1""", false)]
    [InlineData("""resource.attributes["none"] >= 1""", false)]
    [InlineData("""resource.attributes["none"] >= nil""", true)]
    [InlineData("""resource.attributes["none"] < nil""", false)]
    [InlineData("""resource.attributes["flag"] > false""", true)]
    [InlineData("value_double >= 6.5", true)]
    [InlineData("datapoint.value_double > 6.5", false)]
    [InlineData("value_int == 0", true)]
    [InlineData("value_double > -1", true)]
    [InlineData("""IsMatch(resource.attributes["process.executable.name"], "^post")""", true)]
    [InlineData("""IsMatch(resource.attributes["process.executable.name"], "(?i)^POST.*s$$")""", true)]
    [InlineData("""IsMatch(resource.attributes["process.executable.name"], "^gres")""", false)]
    [InlineData("""IsMatch(resource.attributes["none"], ".*")""", false)]
    [InlineData("""IsMatch(resource.attributes["process.pid"], "^4\\d$$")""", true)]
    [InlineData("""IsMatch(metric.name, "^process\\.cpu") == true""", true)]
    [InlineData("""resource.attributes["flag"]""", true)]
    [InlineData("true or true and false", true)]
    [InlineData("(true or true) and false", false)]
    [InlineData("not false and false", false)]
    [InlineData("not (false and false)", true)]
    [InlineData("not not true", true)]
    [InlineData("""HasPrefix(metric.name, "process.") and HasSuffix(metric.name, ".time")""", true)]
    [InlineData("""ToLowerCase("ABC") == "abc" """, true)]
    [InlineData("""HasAttrOnDatapoint("state", "user")""", true)]
    [InlineData("""HasAttrKeyOnDatapoint("device")""", false)]
    public void A_condition_holds_as_in_a_collector(string condition, bool holds) => Assert.Equal(holds, OttlParser.Condition(condition)(Scope()));

    [Theory]
    [InlineData("Now() > 1", "Now")]
    [InlineData("trace_id == nil", "trace_id")]
    [InlineData("1 + 1 == 2", "'+'")]
    [InlineData("metric.name ==", "unfinished")]
    [InlineData("(metric.name == \"a\"", "unfinished")]
    [InlineData("metric.name == \"a", "closing quote")]
    [InlineData("metric.name == \"a\" extra", "'extra'")]
    [InlineData("IsMatch(metric.name, \"(?=a)\")", "pattern")]
    [InlineData("attributes == nil", "whole maps")]
    public void What_is_not_simulated_is_said(string condition, string what)
    {
        var told = Assert.Throws<NotSimulatedException>(() => OttlParser.Condition(condition));
        Assert.Contains(what, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statements_set_and_delete_where_their_condition_holds()
    {
        var scope = Scope();
        OttlParser.Statement("""set(attributes["class"], "database") where IsMatch(attributes["process.executable.name"], "^post")""", inResource: true)(scope);
        OttlParser.Statement("""set(resource.attributes["other"], "x") where metric.name == "none" """, inResource: false)(scope);
        OttlParser.Statement("""delete_key(resource.attributes, "process.pid") where value_double > 6.0""", inResource: false)(scope);
        OttlParser.Statement("""delete_matching_keys(resource.attributes, "^fl")""", inResource: false)(scope);
        Assert.Equal(["class", "process.executable.name"], scope.Resource.Keys.Order());
        Assert.Equal("database", scope.Resource["class"]);
    }
}
