namespace PrefectPS.Flows;

/// <summary>Compiles a flow: resolves names, orders tasks, rejects cycles.</summary>
internal static class PlanCompiler
{
    /// <summary>Compiles the plan of a flow.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/> or <see cref="FlowErrorId.Cycle"/>, naming all tasks involved.</exception>
    public static FlowPlan Compile(Flow flow)
    {
        FlowTask[] tasks = [.. flow.Tasks];
        var upstream = new List<int>();
        var upstreamStart = new int[tasks.Length + 1];
        var inputs = new int[tasks.Length][];
        var unknown = new List<KeyValuePair<FlowTask, string>>();
        var waiting = new int[tasks.Length]; // 1-based task that last added this one as upstream: a name and a slug may mean the same task

        foreach (var task in tasks)
        {
            upstreamStart[task.Index] = upstream.Count;
            foreach (var name in task.Upstream)
            {
                if (flow.Find(name) is not { } other)
                {
                    unknown.Add(new(task, name));
                }
                else if (waiting[other.Index] != task.Index + 1)
                {
                    waiting[other.Index] = task.Index + 1;
                    upstream.Add(other.Index);
                }
            }

            inputs[task.Index] = task.InputFrom.Count == 0 ? [] : [.. task.InputFrom.Select(i => flow.Find(i.Value)?.Index ?? -1)];
        }

        upstreamStart[tasks.Length] = upstream.Count;
        if (unknown.Count > 0)
            throw FlowErrors.TaskNotFound(flow, unknown);

        var edges = upstream.ToArray();
        var order = Order(flow, tasks, edges, upstreamStart);
        return new FlowPlan(flow, tasks, order, edges, upstreamStart, inputs, ReferenceTasks(flow, edges));
    }

    // The named tasks, else the terminal ones.
    private static bool[] ReferenceTasks(Flow flow, int[] upstream)
    {
        var isReference = new bool[flow.Tasks.Count];
        foreach (var name in flow.ReferenceTasks)
            isReference[(flow.Find(name) ?? throw FlowErrors.TaskNotFound(flow, name)).Index] = true;
        if (flow.ReferenceTasks.Count > 0)
            return isReference;

        for (var task = 0; task < isReference.Length; task++)
            isReference[task] = true;
        foreach (var task in upstream)
            isReference[task] = false;
        return isReference;
    }

    private static int[] Order(Flow flow, FlowTask[] tasks, int[] upstream, int[] upstreamStart)
    {
        var order = new int[tasks.Length];
        for (var task = 0; task < order.Length; task++)
        {
            if (!IsAfterAll(task))
                return Sort(flow, tasks, upstream, upstreamStart);
            order[task] = task;
        }

        return order;

        // The common case: tasks are defined after their upstream tasks, so definition order is the execution order.
        bool IsAfterAll(int task)
        {
            for (var i = upstreamStart[task]; i < upstreamStart[task + 1]; i++)
            {
                if (upstream[i] >= task)
                    return false;
            }

            return true;
        }
    }

    // Kahn's algorithm with a sorted ready set: among ready tasks, the one defined first runs first.
    private static int[] Sort(Flow flow, FlowTask[] tasks, int[] upstream, int[] upstreamStart)
    {
        var waitsFor = new int[tasks.Length];
        var downstream = new List<int>?[tasks.Length];
        var ready = new SortedSet<int>();
        for (var task = 0; task < tasks.Length; task++)
        {
            waitsFor[task] = upstreamStart[task + 1] - upstreamStart[task];
            if (waitsFor[task] == 0)
                ready.Add(task);
            for (var i = upstreamStart[task]; i < upstreamStart[task + 1]; i++)
                (downstream[upstream[i]] ??= []).Add(task);
        }

        var order = new List<int>(tasks.Length);
        while (ready.Count > 0)
        {
            var next = ready.Min;
            ready.Remove(next);
            order.Add(next);
            foreach (var task in downstream[next] ?? [])
            {
                if (--waitsFor[task] == 0)
                    ready.Add(task);
            }
        }

        return order.Count == tasks.Length
            ? [.. order]
            : throw FlowErrors.Cycle(flow, FindCycle(tasks, upstream, upstreamStart, waitsFor));
    }

    // Every waiting task has a waiting upstream task, so following them upstream reaches a cycle.
    private static List<FlowTask> FindCycle(FlowTask[] tasks, int[] upstream, int[] upstreamStart, int[] waitsFor)
    {
        var seenAt = new Dictionary<int, int>();
        var path = new List<int>();
        var task = Array.FindIndex(waitsFor, n => n > 0);
        while (!seenAt.ContainsKey(task))
        {
            seenAt[task] = path.Count;
            path.Add(task);
            task = upstream.Skip(upstreamStart[task]).First(u => waitsFor[u] > 0);
        }

        var cycle = path.Skip(seenAt[task]).Reverse().ToList();
        var first = cycle.IndexOf(cycle.Min());
        return [.. cycle.Skip(first).Concat(cycle.Take(first)).Select(i => tasks[i])];
    }
}
