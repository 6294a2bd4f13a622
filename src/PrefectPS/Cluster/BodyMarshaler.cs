using System.Collections;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>Creates orders of script-block tasks for workers, and writes their output.</summary>
/// <param name="caller">The cmdlet that runs the step.</param>
/// <param name="streams">Its streams.</param>
/// <param name="bodyVariables">What bodies see of the session.</param>
/// <param name="notices">Receives warnings about variables that a body does not find.</param>
/// <param name="cluster">The cluster.</param>
internal sealed class BodyMarshaler(PSCmdlet caller, CallerStreams streams, BodyVariables bodyVariables, IStepNotices notices, FlowCluster cluster) : IBodyMarshaler
{
    private readonly Surroundings _surroundings = new(caller.SessionState, caller.Host);

    public BodyRequest CreateRequest(FlowTask task, FlowContext context, TaskArguments arguments, string? place)
    {
        var body = (ScriptBlockBody)task.Body!;
        var variables = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in bodyVariables.VariablesOf(body))
            variables[variable.Key] = Bare(variable.Value);
        var chosen = body.Choose(arguments);
        DemandEncryption(task, context, arguments, chosen, variables);
        return new()
        {
            Flow = new(task.Flow.Name, task.Flow.Freeze().Fingerprint),
            Task = task.Slug,
            Context = context,
            Arguments = chosen,
            Variables = variables,
            Surroundings = SentSurroundings.Of(_surroundings, _surroundings.Now(), caller.SessionState.Path.CurrentLocation, body.Settings.ErrorAction),
            Suspects = bodyVariables.SuspectsOf(body),
            Limit = LimitOf(task, context),
            IsSecret = context.IsSecret,
            Place = place,
        };
    }

    public Exception Explain(BodyRequest request, FlowTask task, FlowException fault)
    {
        var body = (ScriptBlockBody)task.Body!;
        foreach (DictionaryEntry argument in request.Arguments)
        {
            if (FaultOf(argument.Value) is { } inArgument)
                return new TaskFailedException(new(ModuleTexts.NotSent($"The argument -{argument.Key}", inArgument.Message)) { Id = inArgument.Id }, inArgument);
        }

        foreach (DictionaryEntry variable in request.Variables)
        {
            if (FaultOf(variable.Value) is { } inVariable)
                return new TaskFailedException(new(ModuleTexts.NotSent(body.Portable.NameOf((string)variable.Key), inVariable.Message)) { Id = inVariable.Id }, inVariable);
        }

        return fault;
    }

    public Exception CreateException(FlowTask task, TaskError error, Hashtable? detail) =>
        bodyVariables.Explain((ScriptBlockBody)task.Body!, new(SentError.Revive(error, detail)));

    public void WriteOutput(FlowTask task, FlowContext context, byte[] written) =>
        StreamItem.Write(written, streams, context.Output, caller.WriteProgress, name => notices.Warn(ModuleTexts.CallerVariableNotSeen(task.Slug, name)));

    private static FlowException? FaultOf(object? value)
    {
        if (value is null)
            return null;
        try
        {
            _ = new JsonSerializer(SecretBearingValues.Instance).ToBytes(value);
            return null;
        }
        catch (FlowException e)
        {
            return e;
        }
    }

    private static TimeSpan? LimitOf(FlowTask task, FlowContext context) =>
        task.Timeout is { } timeout && !(context.RemainingTime < timeout) ? timeout : context.RemainingTime;

    private static object? Bare(object? value) => PowerShellValues.Instance.Settle(value as PSObject) ?? value;

    private void DemandEncryption(FlowTask task, FlowContext context, TaskArguments arguments, Hashtable chosen, Hashtable variables)
    {
        if (cluster.IsEncrypted)
            return;
        if (context.IsSecret)
            throw ModuleErrors.ClusterNotEncrypted(cluster, task, "is -Sensitive");
        for (var i = 0; i < arguments.Count; i++)
        {
            if (chosen.ContainsKey(arguments.NameAt(i)) && arguments.HoldsSecret(i))
                throw ModuleErrors.ClusterNotEncrypted(cluster, task, $"is given a secret, -{arguments.NameAt(i)}");
        }

        var body = (ScriptBlockBody)task.Body!;
        foreach (DictionaryEntry variable in variables)
        {
            if (Secrets.Contains(variable.Value, PowerShellValues.Instance))
                throw ModuleErrors.ClusterNotEncrypted(cluster, task, $"is given a secret, {body.Portable.NameOf((string)variable.Key)}");
        }
    }
}
