using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Asks the processor to bring near what is needed a few hundred nanoseconds later. A hint: should the collector move the object meanwhile, it was in vain and nothing else.</summary>
internal static unsafe class Soon
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Needed<T>(ref T what)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref what));
    }
}
