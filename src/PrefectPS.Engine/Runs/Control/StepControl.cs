using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Polls for control requests during a step: in a folder before each body and every second; in remote stores, where polling costs a request, as often as
/// the lease is renewed. Requests are applied once no body runs.
/// </summary>
internal sealed class StepControl : IStepControl, IDisposable
{
    private static readonly TimeSpan LocalInterval = TimeSpan.FromSeconds(1);

    private readonly Inbox _inbox;
    private readonly Journal _journal;
    private readonly Action _stop;
    private readonly bool _looksOften;
    private readonly List<string> _applied = []; // applied requests whose records may not be written yet
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private RunControl _known;
    private RunControl _onRecord;
    private volatile bool _isHalted;
    private CancellationTokenSource _halted = new();
    private bool _isDisposed;

    /// <param name="files">The store.</param>
    /// <param name="folder">The run.</param>
    /// <param name="given">The run before the step.</param>
    /// <param name="journal">The step's journal.</param>
    /// <param name="stop">Stops the step together with its running bodies.</param>
    public StepControl(RunFiles files, IncarnationFolder folder, FlowState given, Journal journal, Action stop)
    {
        var services = given.Flow.Services;
        _inbox = new(files, folder, services.Values);
        _known = _onRecord = given.Identity.Control;
        _journal = journal;
        _stop = stop;
        _looksOften = files.Store is ILocalStore;
        var interval = _looksOften ? LocalInterval : services.Lease.RenewalInterval;
        _timer = services.Clock.CreateTimer(_ => LookInTime(), null, interval, interval);
    }

    /// <inheritdoc/>
    public bool IsHalted => _isHalted;

    /// <inheritdoc/>
    public bool IsStopping { get; private set; }

    /// <inheritdoc/>
    public CancellationToken Halt => _halted.Token;

    /// <inheritdoc/>
    public void Look()
    {
        Tidy();
        if (_looksOften && !IsHalted)
            TryLook();
    }

    /// <inheritdoc/>
    public bool Apply(RunStates run)
    {
        if (!IsHalted)
            return false;
        IReadOnlyList<InboxRequest> found;
        while ((found = _inbox.Read(run.Control, _onRecord)).Count > 0)
        {
            foreach (var (path, request) in found)
            {
                RequestApplication.Apply(run, request);
                _applied.Add(path);
            }
        }

        var goesOn = run.Control.Hold is null && !IsStopping; // a stopped step starts nothing any more, whatever was requested afterwards
        lock (_gate)
        {
            _known = run.Control;
            (_isHalted, IsStopping) = (false, false);
            _halted.Dispose();
            _halted = new();
        }

        _journal.Save();
        Tidy();
        return goesOn;
    }

    /// <summary>Deletes the requests whose records are written.</summary>
    public void Tidy()
    {
        if (_applied.Count == 0 || _journal.HasUnwritten)
            return;
        lock (_gate)
            _onRecord = _known;
        _inbox.Delete(_applied);
        _applied.Clear();
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _halted.Dispose();
        }
    }

    // Skips polls that become due during a slow one.
    private void LookInTime()
    {
        if (!Monitor.TryEnter(_gate))
            return;
        try
        {
            if (!_isDisposed && !IsStopping)
                TryLook();
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    // The next poll may succeed; only the one at the step's start must.
    private void TryLook()
    {
        try
        {
            LookNow();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
        }
    }

    private void LookNow()
    {
        lock (_gate)
        {
            if (_inbox.Read(_known, _onRecord) is not { Count: > 0 } found)
                return;
            _isHalted = true;
            StepEnd.Cancel(_halted);
            if (found.Any(each => each.Request is { Kind: RequestKind.Stop, IsSpecial: false }) && !IsStopping)
            {
                IsStopping = true;
                _stop();
            }
        }
    }
}
