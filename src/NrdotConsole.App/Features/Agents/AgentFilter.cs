namespace NrdotConsole.App.Features.Agents;

/// <summary>Which agents the table shows and in what order; the URL holds it.</summary>
internal sealed record AgentFilter(string? Text, AgentConfigState? State, string? Presence, string Sort, bool Descending)
{
    public const string DefaultSort = "host";

    /// <summary>Agents that somebody should look at: not there, drifted, or unwell.</summary>
    public const string Away = "away", Drifted = "drifted", Unwell = "unwell";

    static readonly Dictionary<string, Comparison<Agent>> s_orders = new(StringComparer.Ordinal)
    {
        ["host"] = (a, b) => string.CompareOrdinal(a.HostName, b.HostName),
        ["tenant"] = (a, b) => string.CompareOrdinal(a.Tenant, b.Tenant),
        ["version"] = (a, b) => string.CompareOrdinal(a.Version, b.Version),
        ["transport"] = (a, b) => a.Transport.CompareTo(b.Transport),
        ["health"] = (a, b) => (a.Healthy ?? true).CompareTo(b.Healthy ?? true),
        ["drift"] = (a, b) => (a.DriftSince ?? DateTimeOffset.MaxValue).CompareTo(b.DriftSince ?? DateTimeOffset.MaxValue),
        ["age"] = (a, b) => b.LastSeen.CompareTo(a.LastSeen),
    };

    /// <summary>Unknown names mean the default: an old link still opens.</summary>
    public static AgentFilter From(string? text, string? state, string? presence, string? sort, bool descending) => new(
        string.IsNullOrWhiteSpace(text) ? null : text.Trim(),
        Enum.TryParse<AgentConfigState>(state, true, out var known) && Enum.IsDefined(known) ? known : null,
        presence is Away or Drifted or Unwell ? presence : null,
        sort is "state" || (sort is not null && s_orders.ContainsKey(sort)) ? sort : DefaultSort, descending);

    public List<Agent> Apply(IReadOnlyList<Agent> agents, DateTimeOffset now)
    {
        List<Agent> chosen = [.. agents.Where(a => Fits(a) && (State is null || AgentConfigStates.Of(a, now) == State))];
        Comparison<Agent> order = Sort == "state" ? (a, b) => AgentConfigStates.Of(a, now).CompareTo(AgentConfigStates.Of(b, now)) : s_orders[Sort];
        var sign = Descending ? -1 : 1;
        chosen.Sort((a, b) => order(a, b) is var first && first != 0 ? sign * first : Tie(a, b));
        return chosen;
    }

    /// <summary>How many of each state there are under the other filters.</summary>
    public Dictionary<AgentConfigState, int> Facets(IReadOnlyList<Agent> agents, DateTimeOffset now) =>
        agents.Where(Fits).CountBy(a => AgentConfigStates.Of(a, now)).ToDictionary(c => c.Key, c => c.Value);

    public static bool Is(Agent agent, string presence) => presence switch
    {
        Away => !agent.Connected,
        Drifted => agent.DriftSince is not null,
        _ => agent.Healthy is false,
    };

    bool Fits(Agent agent) => (Presence is null || Is(agent, Presence)) && (Text is null || Matches(agent, Text));

    public static bool Matches(Agent agent, string text)
    {
        bool Has(string? field) => field?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
        return Has(agent.HostName) || Has(agent.HostKey) || Has(agent.Tenant) || Has(agent.Version) || Has(agent.Type) || Has(agent.InstanceUid) || Has(agent.Error) || Has(agent.HealthError);
    }

    static int Tie(Agent a, Agent b) => string.CompareOrdinal(a.HostName, b.HostName) is var byName && byName != 0 ? byName : string.CompareOrdinal(a.InstanceUid, b.InstanceUid);
}
