using Orleans;
using Orleans.Runtime;
using PrefectPS.Cluster;

namespace PrefectPS.Orleans.Workers;

/// <summary>
/// Before a worker joins, declares members dead that neither answer nor have sent a heartbeat in time. Where all workers died or froze, no survivor would do so, and
/// Orleans lets nobody join who cannot reach every member.
/// </summary>
/// <param name="table">The membership table with the heartbeats.</param>
/// <param name="membership">Declares members dead.</param>
/// <param name="workers">Probes members.</param>
/// <param name="self">This worker.</param>
/// <param name="cluster">Has the timeouts.</param>
internal sealed class UnreachableMembers(
    IMembershipTable table, IClusterMembershipService membership, WorkerServiceClient workers, ILocalSiloDetails self, FlowCluster cluster) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int Stage = ServiceLifecycleStage.AfterRuntimeGrainServices + 1;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(UnreachableMembers), Stage, DeclareDeadAsync, _ => Task.CompletedTask);

    private async Task DeclareDeadAsync(CancellationToken stop)
    {
        var (until, silent) = (Environment.TickCount64 + (2 * (long)SiloSettings.SilenceOf(cluster).TotalMilliseconds), true);
        while (silent && Environment.TickCount64 < until)
        {
            var members = (await table.ReadAllAsync(stop)).Members.Select(member => member.Item1);
            var others = members.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress));
            var answers = await Task.WhenAll(others.Select(async member => (Member: member, IsHere: await AnswersAsync(member.SiloAddress))));
            silent = Array.Exists(answers, answer => !answer.IsHere);
            foreach (var (member, _) in answers.Where(answer => !answer.IsHere && DateTime.UtcNow - answer.Member.IAmAliveTime > SiloSettings.SilenceOf(cluster)))
                await membership.TryKill(member.SiloAddress);
            if (silent)
                await Task.Delay(Rest, stop);
        }
    }

    private async Task<bool> AnswersAsync(SiloAddress member)
    {
        try
        {
            await workers.At(member).Describe().WaitAsync(SiloSettings.ProbeTimeoutOf(cluster));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
