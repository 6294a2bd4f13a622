namespace PrefectPS.Documents;

/// <summary>The property names of state documents.</summary>
public static class DocumentKeys
{
    internal const string Version = "version";
    internal const string Flow = "flow";
    internal const string Name = "name";
    internal const string Fingerprint = "fingerprint";
    internal const string Hashes = "hashes";
    internal const string Run = "run";
    internal const string Id = "id";
    internal const string Step = "step";
    internal const string Parameters = "parameters";
    internal const string Secrets = "secrets";
    internal const string Sensitive = "sensitive";
    internal const string Zone = "zone";
    internal const string Selection = "selection";
    internal const string From = "from";
    internal const string Control = "control";
    internal const string Count = "count";
    internal const string By = "by";
    internal const string At = "at";
    internal const string Reason = "reason";
    internal const string Repeat = "repeat";
    internal const string Started = "started";
    internal const string Ended = "ended";
    internal const string State = "state";

    /// <summary>The key of the list of task entries.</summary>
    public const string Tasks = "tasks";

    /// <summary>The key of a task's name.</summary>
    public const string Task = "task";
    internal const string Time = "time";

    /// <summary>The key of a task's slug.</summary>
    public const string Slug = "slug";
    internal const string Type = "type";
    internal const string Message = "message";
    internal const string Result = "_result";
    internal const string Location = "location";
    internal const string Serializer = "serializer";
    internal const string Value = "value";
    internal const string Secret = "secret";
    internal const string StartTime = "start_time";
    internal const string RunCount = "run_count";
    internal const string Context = "context";
    internal const string TaskRunCount = "task_run_count";
    internal const string ContextLoopCount = "_loop_count";
    internal const string LoopResult = "loop_result";
    internal const string Resumed = "resumed";
    internal const string EndedItself = "ended_itself";
    internal const string Stopped = "stopped";
    internal const string NoResult = "no_result";
    internal const string Event = "event";
    internal const string Events = "events";
    internal const string Until = "until";
    internal const string Wait = "wait";
    internal const string Polled = "polled";
    internal const string TimeoutFrom = "timeout_from";
    internal const string Notice = "notice";
    internal const string Notices = "notices";
    internal const string Payload = "payload";
    internal const string LeftOut = "left_out";
    internal const string Waived = "waived";
    internal const string Tag = "tag";
    internal const string Places = "places";
    internal const string Goal = "map_goal";
    internal const string AtLeast = "at_least";
    internal const string AtMostFailed = "at_most_failed";
    internal const string Crashes = "crashes";
    internal const string Machine = "machine";
    internal const string Undo = "undo";
    internal const string Phase = "phase";
    internal const string Attempt = "attempt";
    internal const string Children = "children";
    internal const string Subflow = "subflow";
    internal const string Tags = "tags";
    internal const string Own = "prefectps";
    internal const string Error = "error";
    internal const string ExceptionType = "exception";
    internal const string Script = "script";
    internal const string Line = "line";
    internal const string Text = "text";
    internal const string Stack = "stack";
    internal const string CachedInputs = "cached_inputs";
    internal const string LoopCount = "loop_count";
    internal const string MapCount = "n_map_states";
    internal const string CachedExpiration = "cached_result_expiration";
    internal const string HashedInputs = "hashed_inputs";
    internal const string CachedParameters = "cached_parameters";
    internal const string Signature = "signature";
    internal const string KeyId = "keyId";
    internal const string Hmac = "hmacSha256";
    internal const string Shapes = "shapes";
    internal const string States = "states";
    internal const string Values = "values";
    internal const string Locations = "locations";
    internal const string Times = "times";
    internal const string Entries = "entries";
    internal const string Slugs = "slugs";
    internal const string PrefectVersion = "__version__";

    /// <summary>All property names.</summary>
    internal static IEnumerable<string> All { get; } =
    [
        Version, Flow, Name, Fingerprint, Run, Id, Step, Parameters, Secrets, Sensitive, Zone, Selection, From, Started, Ended, State, Tasks, Task,
        Time, Slug, Type, Message, Repeat, Result, Location, Serializer, Value, Secret, StartTime, RunCount, Context, TaskRunCount, ContextLoopCount, LoopResult, Children,
            Subflow, Tags,
        Own, Resumed, EndedItself, NoResult, Error, ExceptionType, Script, Line, Text, Stack, CachedInputs, LoopCount, MapCount, PrefectVersion,
        CachedExpiration, HashedInputs, CachedParameters, Hashes, Signature, KeyId, Hmac,
        Shapes, States, Values, Locations, Times, Entries, Slugs, Control, Count, By, At, Reason, Stopped, Event, Events, Until, TimeoutFrom, Payload, LeftOut, Waived,
        Crashes, Machine, Notice, Notices, Wait, Polled, Tag, Places, Goal, AtLeast, AtMostFailed, Undo, Phase, Attempt,
    ];

    /// <summary>True if a key of a document has a time as its value.</summary>
    public static bool IsTime(string key) => key is Started or Ended or At or Until or TimeoutFrom or StartTime or CachedExpiration;

    /// <summary>True if the value of a document key is a user's value, or a table of user values.</summary>
    public static bool HoldsValue(string key) =>
        key is Result or LoopResult or Parameters or Values or Payload or CachedInputs or CachedParameters or HashedInputs;
}
