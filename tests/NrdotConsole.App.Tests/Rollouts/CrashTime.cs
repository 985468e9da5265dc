using Microsoft.Extensions.Time.Testing;

namespace NrdotConsole.App.Tests.Rollouts;

/// <summary>What a crash looks like from within: nothing after it happens.</summary>
internal sealed class CrashException : Exception;

/// <summary>
/// A clock that fails at the n-th look at it. Every part of the console looks at the clock around what it writes and does, so that a crash
/// can be put anywhere between two writes without a hook in the product.
/// </summary>
internal sealed class CrashTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>Looks so far while armed.</summary>
    public int Looks { get; private set; }

    public bool IsArmed { get; set; }

    /// <summary>0 for never.</summary>
    public int CrashAt { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        if (IsArmed && ++Looks == CrashAt) throw new CrashException();
        return base.GetUtcNow();
    }
}
