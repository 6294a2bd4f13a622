using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>What a store keeps of a flow's schedule, as this process last saw it: it is written only while it is still so.</summary>
internal sealed class ScheduleEntry
{
    private readonly RunFiles _files;
    private readonly Flow _flow;
    private string? _version;

    private ScheduleEntry(RunFiles files, Flow flow, ScheduleRecord? record, string? version) => (_files, _flow, Record, _version) = (files, flow, record, version);

    /// <summary>The record; null where there is none.</summary>
    public ScheduleRecord? Record { get; private set; }

    /// <summary>Reads it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>: it cannot be read.</exception>
    public static ScheduleEntry Read(RunFiles files, Flow flow)
    {
        var path = RunFolder.ScheduleOf(flow.Name);
        if (files.Read(path) is not { } found)
            return new(files, flow, null, null);
        try
        {
            return new(files, flow, ScheduleRecord.Read(found.Content), found.Version);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.ScheduleDamaged(files.Store.Name, flow.Name, path, e);
        }
    }

    /// <summary>Writes it, if it is another than it was.</summary>
    /// <returns>False where someone else has written it since it was read; nothing was changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool TryWrite(ScheduleRecord record)
    {
        if (ReferenceEquals(record, Record))
            return true;
        if (_files.TryWriteOwn(RunFolder.ScheduleOf(_flow.Name), record.Write(_flow.Name, _flow.Services.NewId()), _version) is not { } version)
            return false;
        (Record, _version) = (record, version);
        return true;
    }
}
