using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class ForestTrainerTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    static void Feed(ForestTrainer trainer, int rows, int seed = 1, double level = 1, string role = "database")
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            double Near(double x) => level * x * Math.Exp(0.2 * LabelledWorld.Gauss(random));
            trainer.Add(role, new(Near(12), Near(1e9), Near(200), Near(1e5), Near(4)));
        }
    }

    internal static RoleModel Trained()
    {
        var trainer = new ForestTrainer();
        Feed(trainer, 1_000);
        trainer.TrainDue(Start);
        return trainer.Model("database")!;
    }

    [Fact]
    public void A_role_is_trained_once_it_has_rows_enough_and_then_every_ten_minutes_if_new_ones_came()
    {
        var options = new TrainerOptions();
        Assert.False(ForestTrainer.IsDue(options, 255, 255, null, Start));
        Assert.True(ForestTrainer.IsDue(options, 256, 256, null, Start));
        Assert.False(ForestTrainer.IsDue(options, 4_096, 9_999, Start, Start.AddMinutes(9)));
        Assert.True(ForestTrainer.IsDue(options, 4_096, 64, Start, Start.AddMinutes(10)));
        Assert.False(ForestTrainer.IsDue(options, 4_096, 63, Start, Start.AddHours(10)));
    }

    [Fact]
    public void A_role_without_a_model_abstains_and_one_with_a_model_sees_what_is_odd()
    {
        Assert.True(ForestReading.None.Abstained);
        Assert.Null(new ForestTrainer().Model("database"));
        var model = Trained();
        Assert.Equal(1_000, model.Rows);
        Assert.False(model.Read(new(12, 1e9, 200, 1e5, 4)).IsAnomaly);
        Assert.True(model.Read(new(95, 6e9, 2_000, 1e5, 4)).IsAnomaly);
        Assert.False(model.Read(new(12, 1e9, 200, double.NaN, 4)).Abstained);
    }

    [Fact]
    public void The_same_rows_give_the_same_model()
    {
        Assert.Equal(Trained().Forest.State.Nodes, Trained().Forest.State.Nodes);
        Assert.Equal(Trained().Forest.Threshold, Trained().Forest.Threshold);
    }

    [Fact]
    public void Rows_and_roles_are_bounded_and_refusals_counted()
    {
        var trainer = new ForestTrainer(new() { Capacity = 300, MaximumRoles = 1 });
        Feed(trainer, 5_000);
        Feed(trainer, 7, role: "other");
        Assert.Equal((1, 7), (trainer.Roles, trainer.RefusedRows));
        Assert.Equal(1, trainer.TrainDue(Start));
        Assert.Equal(300, trainer.Model("database")!.Rows);
    }

    [Fact]
    public void The_sample_is_drawn_evenly_from_all_rows_since_the_last_training()
    {
        var trainer = new ForestTrainer(new() { Capacity = 1_000, Scaling = Scaling.Standard });
        for (var i = 0; i < 20_000; i++) trainer.Add("database", new(i, 0, 0, 0, 0));
        trainer.TrainDue(Start);
        // Uniform over 0..20,000: mean 10,000 with a standard error of 183.
        Assert.InRange(trainer.Model("database")!.Scaler.Center[0], 9_450, 10_550);
    }

    [Fact]
    public void What_was_usual_long_ago_is_forgotten()
    {
        var trainer = new ForestTrainer(new() { Capacity = 500 });
        Feed(trainer, 20_000);
        trainer.TrainDue(Start);
        var risen = new ProcessFeatures(120, 1e10, 2_000, 1e6, 40);
        Assert.True(trainer.Model("database")!.Read(risen).IsAnomaly);
        Feed(trainer, 2_000, seed: 2, level: 10);
        trainer.TrainDue(Start.AddMinutes(10));
        Assert.False(trainer.Model("database")!.Read(risen).IsAnomaly);
    }
}
