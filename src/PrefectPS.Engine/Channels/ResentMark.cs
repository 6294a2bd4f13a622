using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Says in the run's store that its current message was sent a second time: once is enough, however many late messages ask for it.</summary>
internal sealed class ResentMark
{
    private readonly IFlowStore _store;
    private readonly string _path;

    /// <summary>The mark of a run that a late message found in its store.</summary>
    public ResentMark(FlowState run)
    {
        _store = run.Flow.Store!;
        _path = RunFolder.Of(run.Flow.Name, run.RunId).Resent(run.Step);
    }

    /// <summary>Whether it was sent a second time already.</summary>
    public async ValueTask<bool> IsSetAsync(CancellationToken cancellationToken)
    {
        using var found = await _store.ReadAsync(_path, cancellationToken);
        return found is not null;
    }

    /// <summary>Says that it was.</summary>
    public async ValueTask SetAsync(CancellationToken cancellationToken) => await _store.WriteAsync(_path, [], WriteCondition.Always, cancellationToken);
}
