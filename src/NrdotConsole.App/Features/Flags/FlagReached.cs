using System.Collections.Concurrent;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Rings;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// The hosts of the fleet that have a flag, by name. A flag is evaluated for every host once, and again only when flags, trips, hosts or
/// what rolls have changed: all viewers share the answer.
/// </summary>
internal sealed class FlagReached(LiveFlags live, RollingFlags rolling, DesiredStates desired, RingAssignments rings)
{
    sealed record Answers(object Flags, object Trips, object? Rolling, object Members, ConcurrentDictionary<string, IReadOnlyList<RingMember>> ByFlag);

    volatile Answers? _last;

    public IReadOnlyList<RingMember> Of(string key)
    {
        var (flags, trips, moment, members) = (desired.Current.Flags, live.Trips, rolling.Moment, rings.Members);
        if (_last is not { } answers || !ReferenceEquals(answers.Flags, flags) || !ReferenceEquals(answers.Trips, trips) || !ReferenceEquals(answers.Rolling, moment) || !ReferenceEquals(answers.Members, members))
            _last = answers = new(flags, trips, moment, members, new(StringComparer.Ordinal));
        return answers.ByFlag.GetOrAdd(key, flag => [.. members.Values.Where(m => live.Evaluate(flag, m.Host, m.Ring)?.Value == true).OrderBy(m => m.Host.Name, StringComparer.Ordinal)]);
    }
}
