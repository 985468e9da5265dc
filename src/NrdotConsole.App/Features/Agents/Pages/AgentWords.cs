using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Features.Agents;

/// <summary>States of agents in words and tones.</summary>
internal static class AgentWords
{
    public static string Of(AgentConfigState state) => state switch
    {
        AgentConfigState.NotSteered => "Not steered",
        AgentConfigState.ConfigApplied => "Applied",
        AgentConfigState.NotReporting => "Not reporting",
        _ => state.ToString(),
    };

    public static string Tone(AgentConfigState state) => state switch
    {
        AgentConfigState.ConfigApplied => "good",
        AgentConfigState.Failed => "bad",
        AgentConfigState.Timeout or AgentConfigState.NotReporting => "warn",
        AgentConfigState.Applying or AgentConfigState.Pending => "info",
        _ => "hollow",
    };

    /// <summary>What the state means for whoever looks.</summary>
    public static string Meaning(AgentConfigState state) => state switch
    {
        AgentConfigState.NotSteered => "It takes no configuration from here: run it under the console's supervisor to steer it.",
        AgentConfigState.Unassigned => "Nothing is assigned to it.",
        AgentConfigState.Pending => "It has not said yet that it has its configuration.",
        AgentConfigState.Applying => "It is applying its configuration.",
        AgentConfigState.ConfigApplied => "It says that it applied its configuration.",
        AgentConfigState.Failed => "It could not apply its configuration.",
        AgentConfigState.Timeout => "It is there, but has not said in time that it applied its configuration.",
        _ => "Nothing was heard of it lately.",
    };

    public static (string Text, string Tone) Health(Agent agent) => agent.Healthy switch
    {
        true => ("Healthy", "good"),
        false => ("Unhealthy", "bad"),
        null => ("Not told", "hollow"),
    };

    public static string Short(string? hash) => hash is null ? "none" : hash[..Math.Min(10, hash.Length)];

    public static string Age(DateTimeOffset? since, DateTimeOffset now) => since is { } at ? Format.Duration(now - at) : Format.Unknown;
}
