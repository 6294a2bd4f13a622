using PrefectPS.Running;

namespace PrefectPS.Progress;

/// <summary>Forwards task transitions to two logs.</summary>
internal sealed class TransitionLogs(ITransitionLog first, ITransitionLog second) : ITransitionLog
{
    /// <summary>Combines two logs, each of which may be null; null for neither.</summary>
    public static ITransitionLog? Of(ITransitionLog? first, ITransitionLog? second) => first is null ? second : second is null ? first : new TransitionLogs(first, second);

    public void Add(in TaskEvent taskEvent)
    {
        first.Add(taskEvent);
        second.Add(taskEvent);
    }
}
