namespace PrefectPS.Documents;

/// <summary>The property names of state documents.</summary>
internal static class DocumentKeys
{
    public const string Version = "version";
    public const string Flow = "flow";
    public const string Name = "name";
    public const string Fingerprint = "fingerprint";
    public const string Hashes = "hashes";
    public const string Run = "run";
    public const string Id = "id";
    public const string Step = "step";
    public const string Parameters = "parameters";
    public const string Secrets = "secrets";
    public const string Sensitive = "sensitive";
    public const string Zone = "zone";
    public const string Selection = "selection";
    public const string From = "from";
    public const string Control = "control";
    public const string Count = "count";
    public const string By = "by";
    public const string At = "at";
    public const string Reason = "reason";
    public const string Repeat = "repeat";
    public const string Started = "started";
    public const string Ended = "ended";
    public const string State = "state";
    public const string Tasks = "tasks";
    public const string Task = "task";
    public const string Time = "time";
    public const string Slug = "slug";
    public const string Type = "type";
    public const string Message = "message";
    public const string Result = "_result";
    public const string Location = "location";
    public const string Serializer = "serializer";
    public const string Value = "value";
    public const string Secret = "secret";
    public const string StartTime = "start_time";
    public const string RunCount = "run_count";
    public const string Context = "context";
    public const string TaskRunCount = "task_run_count";
    public const string ContextLoopCount = "_loop_count";
    public const string LoopResult = "loop_result";
    public const string Resumed = "resumed";
    public const string EndedItself = "ended_itself";
    public const string Stopped = "stopped";
    public const string NoResult = "no_result";
    public const string Event = "event";
    public const string Events = "events";
    public const string Until = "until";
    public const string Wait = "wait";
    public const string Polled = "polled";
    public const string TimeoutFrom = "timeout_from";
    public const string Notice = "notice";
    public const string Notices = "notices";
    public const string Payload = "payload";
    public const string LeftOut = "left_out";
    public const string Waived = "waived";
    public const string Tag = "tag";
    public const string Places = "places";
    public const string Goal = "map_goal";
    public const string AtLeast = "at_least";
    public const string AtMostFailed = "at_most_failed";
    public const string Crashes = "crashes";
    public const string Machine = "machine";
    public const string Undo = "undo";
    public const string Phase = "phase";
    public const string Attempt = "attempt";
    public const string Children = "children";
    public const string Subflow = "subflow";
    public const string Tags = "tags";
    public const string Own = "prefectps";
    public const string Error = "error";
    public const string ExceptionType = "exception";
    public const string Script = "script";
    public const string Line = "line";
    public const string Text = "text";
    public const string Stack = "stack";
    public const string CachedInputs = "cached_inputs";
    public const string LoopCount = "loop_count";
    public const string MapCount = "n_map_states";
    public const string CachedExpiration = "cached_result_expiration";
    public const string HashedInputs = "hashed_inputs";
    public const string CachedParameters = "cached_parameters";
    public const string Signature = "signature";
    public const string KeyId = "keyId";
    public const string Hmac = "hmacSha256";
    public const string Shapes = "shapes";
    public const string States = "states";
    public const string Values = "values";
    public const string Locations = "locations";
    public const string Times = "times";
    public const string Entries = "entries";
    public const string Slugs = "slugs";
    public const string PrefectVersion = "__version__";

    /// <summary>All property names.</summary>
    public static IEnumerable<string> All { get; } =
    [
        Version, Flow, Name, Fingerprint, Run, Id, Step, Parameters, Secrets, Sensitive, Zone, Selection, From, Started, Ended, State, Tasks, Task,
        Time, Slug, Type, Message, Repeat, Result, Location, Serializer, Value, Secret, StartTime, RunCount, Context, TaskRunCount, ContextLoopCount, LoopResult, Children,
            Subflow, Tags,
        Own, Resumed, EndedItself, NoResult, Error, ExceptionType, Script, Line, Text, Stack, CachedInputs, LoopCount, MapCount, PrefectVersion,
        CachedExpiration, HashedInputs, CachedParameters, Hashes, Signature, KeyId, Hmac,
        Shapes, States, Values, Locations, Times, Entries, Slugs, Control, Count, By, At, Reason, Stopped, Event, Events, Until, TimeoutFrom, Payload, LeftOut, Waived,
        Crashes, Machine, Notice, Notices, Wait, Polled, Tag, Places, Goal, AtLeast, AtMostFailed, Undo, Phase, Attempt,
    ];
}
