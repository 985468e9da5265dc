using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

/// <summary>The whole chain on 300 processes over ten hours of minutes: the research asks for 85 % detected and under 15 % false; here it is better than that.</summary>
public sealed class DetectionOverTimeTests
{
    const int Minutes = 600;

    [Fact]
    public void Incidents_are_found_and_quiet_processes_left_alone()
    {
        var random = new Random(11);
        var trainer = new ForestTrainer();
        var processes = Enumerable.Range(0, 300).Select(_ => new Simulated(random)).ToArray();
        for (var minute = 1; minute <= Minutes; minute++)
        {
            var at = DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(minute);
            foreach (var process in processes) process.Step(minute, at, random, trainer);
            trainer.TrainDue(at);
        }
        var incidents = processes.Count(p => p.HasIncident);
        var detected = processes.Count(p => p.Detected);
        var falseAlarms = processes.Sum(p => p.FalseVerdicts);
        Assert.InRange(detected / (double)incidents, 0.95, 1);
        Assert.InRange(falseAlarms / (double)(falseAlarms + detected), 0, 0.05);
    }

    sealed class Simulated
    {
        readonly double _cpu, _memory, _io;
        readonly int _kind, _from;
        readonly AnomalyTracker _tracker = new(new("t", "h", "h", "e", "o"));
        double _load;

        public Simulated(Random random)
        {
            _cpu = 2 + 40 * random.NextDouble();
            _memory = 5e7 + 4e9 * random.NextDouble();
            _io = 10 + 1_000 * random.NextDouble();
            (_kind, _from) = (random.Next(4), 120 + random.Next(400));
        }

        public bool HasIncident => _kind < 3;
        public bool Detected { get; private set; }
        public int FalseVerdicts { get; private set; }

        public void Step(int minute, DateTimeOffset at, Random random, ForestTrainer trainer)
        {
            // Load wanders slowly (AR 1); each feature has noise of its own.
            _load = 0.9 * _load + 0.05 * LabelledWorld.Gauss(random);
            double Noisy(double x, double spread) => x * Math.Exp(_load + spread * LabelledWorld.Gauss(random));
            var isIncident = HasIncident && minute >= _from && minute < _from + 10;
            var features = new ProcessFeatures(
                Noisy(_cpu, 0.15) + (isIncident && _kind == 0 ? 2 * _cpu + 20 : 0),
                _memory * Math.Exp(0.02 * LabelledWorld.Gauss(random)) * (isIncident && _kind == 1 ? 2.5 : 1) + (isIncident && _kind == 1 ? 2e8 : 0),
                Noisy(_io, 0.2) * (isIncident && _kind == 2 ? 6 : 1) + (isIncident && _kind == 2 ? 300 : 0),
                double.NaN, 4);
            trainer.Add("all", features);
            var change = _tracker.Observe(at, features, trainer.Model("all"), () => 1).Change;
            if (change != AnomalyChange.Opened) return;
            if (isIncident) Detected = true;
            else FalseVerdicts++;
        }
    }
}
