using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Channels;

/// <summary>Marks in the run's store that its current message was sent again: once is enough, however many late messages arrive.</summary>
internal sealed class ResentMark
{
    private readonly IFlowStore _store;
    private readonly string _path;

    /// <summary>Creates the mark of a recorded run.</summary>
    public ResentMark(FlowState run)
    {
        _store = run.Flow.Store!;
        _path = RunFolder.Of(run.Flow.Name, run.RunId).Resent(run.Step);
    }

    /// <summary>True if the mark is set.</summary>
    public async ValueTask<bool> IsSetAsync(CancellationToken cancellationToken)
    {
        using var found = await _store.ReadAsync(_path, cancellationToken);
        return found is not null;
    }

    /// <summary>Sets the mark.</summary>
    public async ValueTask SetAsync(CancellationToken cancellationToken) => await _store.WriteAsync(_path, [], WriteCondition.Always, cancellationToken);
}
