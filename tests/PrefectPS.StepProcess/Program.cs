using PrefectPS;
using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

// Takes one step of a run, in a process that a test kills: <store> <run id> <file that bodies are listed in>
// Ends with 0 when the run is a success, 3 when another step is working on it, 4 when the store failed.
Console.WriteLine("begins");
await Console.Out.FlushAsync();
var (address, runId, log) = (args[0], args[1], args[2]);
IFlowStore store = address.StartsWith("azblob:", StringComparison.Ordinal)
    ? BlobStore.Open(new() { Address = address, ConnectionString = Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING") })
    : new FolderStore(address);
await using var bodies = new StreamWriter(new FileStream(log, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
var flow = KillableFlow.Make(store, bodies.WriteLine);
try
{
    var outcome = StepTaker.Take(new(new RunById(flow, runId, RunParameters.None)) { Budget = new() { Wait = true } }, CancellationToken.None);
    return outcome.Run.State == PrefectPS.States.StateType.Success ? 0 : 1;
}
catch (FlowException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e.Id == FlowErrorId.StoreConflict ? 3 : 4;
}
