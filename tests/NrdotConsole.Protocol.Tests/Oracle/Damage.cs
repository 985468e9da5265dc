namespace NrdotConsole.Protocol.Tests.Otlp;

/// <summary>What a broken wire, a broken sender or an enemy does to bytes.</summary>
static class Damage
{
    public static byte[] Some(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return [(byte)random.Next(256)];
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                return bytes[..at];
            case 1:
                var flipped = bytes.ToArray();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 2:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
            default:
                var noise = bytes.ToArray();
                for (var i = 0; i < 4; i++) noise[random.Next(noise.Length)] = (byte)random.Next(256);
                return noise;
        }
    }
}
