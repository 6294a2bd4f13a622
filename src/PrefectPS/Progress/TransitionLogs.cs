using PrefectPS.Running;

namespace PrefectPS.Progress;

/// <summary>Tells two of what happens to tasks.</summary>
internal sealed class TransitionLogs(ITransitionLog first, ITransitionLog second) : ITransitionLog
{
    /// <summary>Those of two that there are; null for neither.</summary>
    public static ITransitionLog? Of(ITransitionLog? first, ITransitionLog? second) => first is null ? second : second is null ? first : new TransitionLogs(first, second);

    public void Add(in TaskEvent taskEvent)
    {
        first.Add(taskEvent);
        second.Add(taskEvent);
    }
}
