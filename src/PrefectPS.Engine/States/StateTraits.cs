namespace PrefectPS.States;

/// <summary>Traits of a state type: Prefect's <c>State.is_*</c> predicates.</summary>
[Flags]
internal enum StateTraits : ushort
{
    None = 0,
    Pending = 1 << 0,
    Scheduled = 1 << 1,
    Retrying = 1 << 2,
    Meta = 1 << 3,
    Submitted = 1 << 4,
    Queued = 1 << 5,
    Running = 1 << 6,
    Finished = 1 << 7,
    Looped = 1 << 8,
    Successful = 1 << 9,
    Cached = 1 << 10,
    Mapped = 1 << 11,
    Skipped = 1 << 12,
    Failed = 1 << 13,
}
