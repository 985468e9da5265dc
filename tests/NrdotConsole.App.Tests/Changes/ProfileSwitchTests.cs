using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Tests.Changes;

public sealed class ProfileSwitchTests
{
    [Fact]
    public void A_profile_switch_edits_the_file_that_decides()
    {
        var (edits, faults) = new ProfileSwitch("conservative", new([4], [], [new("prod", "i-1")])).On(ShippedFiles.All);
        Assert.Empty(faults);
        Assert.Equal(["profiles.yaml", "rings.yaml"], edits.Keys.Order(StringComparer.Ordinal));
        var state = ConfigValidation.Validate(ShippedFiles.All.ToDictionary(f => f.Key, f => edits.GetValueOrDefault(f.Key) ?? f.Value)).State!;
        Assert.Equal("conservative", state.Rings.Find(4)!.Profile);
        Assert.Equal("conservative", state.Profiles.Pins["i-1"]);
        Assert.Null(state.Rings.Find(3)!.Profile);
    }

    [Theory]
    [InlineData("multi-tenant-config.yaml", null)]
    [InlineData("multi-tenant-config.yaml", "defaults: {}\n")]
    [InlineData("multi-tenant-config.yaml", "tenants: [\n")]
    [InlineData("multi-tenant-config.yaml", "")]
    public void A_tenant_that_the_file_does_not_name_is_the_callers_mistake(string file, string? text)
    {
        var files = ShippedFiles.All.ToDictionary(f => f.Key, f => f.Key == file && text is not null ? text : f.Value);
        var (edits, faults) = new ProfileSwitch("conservative", new([], ["nobody"], [])).On(files);
        Assert.Equal("targets.tenants", Assert.Single(faults).Field);
        Assert.Empty(edits);
    }
}
