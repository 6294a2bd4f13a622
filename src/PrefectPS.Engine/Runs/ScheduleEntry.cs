using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A flow's schedule record, with the version last seen by this process: written only if unchanged.</summary>
internal sealed class ScheduleEntry
{
    private readonly RunFiles _files;
    private readonly Flow _flow;
    private string? _version;

    private ScheduleEntry(RunFiles files, Flow flow, ScheduleRecord? record, string? version) => (_files, _flow, Record, _version) = (files, flow, record, version);

    /// <summary>The record; null if none.</summary>
    public ScheduleRecord? Record { get; private set; }

    /// <summary>Reads the record.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StoreFailed"/>, or <see cref="FlowErrorId.RunDamaged"/>: the record cannot be read, or belongs to another flow.
    /// </exception>
    public static ScheduleEntry Read(RunFiles files, Flow flow)
    {
        var path = RunFolder.ScheduleOf(flow.Name);
        if (Find(files, path) is not { } found)
            return new(files, flow, null, null);
        return found.Record.Flow == flow.Name
            ? new(files, flow, found.Record, found.Version)
            : throw FlowErrors.ScheduleDamaged(files.Store.Name, path, FlowErrors.ObjectOfAnotherFlow(found.Record.Flow));
    }

    /// <summary>The record at a path; null if none.</summary>
    /// <inheritdoc cref="Read"/>
    public static (ScheduleRecord Record, string Version)? Find(RunFiles files, string path)
    {
        try
        {
            return files.Read(path) is { } found ? (ScheduleRecord.Read(found.Content), found.Version) : null;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.ScheduleDamaged(files.Store.Name, path, e);
        }
    }

    /// <summary>Writes the record if it has changed.</summary>
    /// <returns>False if someone else has written it since; nothing was changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool TryWrite(ScheduleRecord record)
    {
        if (ReferenceEquals(record, Record))
            return true;
        if (_files.TryWriteOwn(RunFolder.ScheduleOf(_flow.Name), record.Write(_flow.Services.NewId()), _version) is not { } version)
            return false;
        (Record, _version) = (record, version);
        return true;
    }
}
