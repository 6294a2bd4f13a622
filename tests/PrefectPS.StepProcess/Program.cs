using PrefectPS;
using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

// Takes one step of a run, in a process that a test kills or suspends:
//   <store> <run id> <file that bodies are listed in>
//   <store> <run id> --suspend <at which write> <durability>
//   <store> <run id> --limited <file in which bodies say that they have their place>
// or removes it:
//   <store> <run id> --remove <at which write it is suspended>
// Ends with 0 when the run is a success or removed, 3 when another process is working on it, 4 when the store failed.
var (address, runId) = (args[0], args[1]);
try
{
    return args[2] switch
    {
        "--suspend" => Suspend(Number(args[3]), Enum.Parse<FlowDurability>(args[4])),
        "--remove" => Remove(Number(args[3])),
        "--limited" => Limited(args[3]),
        var log => await ListAsync(log),
    };
}
catch (FlowException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e.Id == FlowErrorId.StoreConflict ? 3 : 4;
}

async Task<int> ListAsync(string log)
{
    Console.WriteLine("begins");
    await Console.Out.FlushAsync();
    await using var bodies = new StreamWriter(new FileStream(log, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    return Step(KillableFlow.Make(Open(), bodies.WriteLine), durability: null);
}

int Suspend(int write, FlowDurability durability)
{
    using var store = new SelfSuspendingStore(Open(), write);
    return Step(SharedFlow.Make(store, runId, "the suspended"), durability);
}

int Limited(string log)
{
    using var places = new PlaceLog(log);
    return Step(LimitedFlow.Make(Open(), places), durability: null);
}

int Remove(int write)
{
    using var store = new SelfSuspendingStore(Open(), write);
    RunRemoval.Remove(new(store, SharedFlow.Name, runId), new() { Lease = SharedFlow.Lease });
    return 0;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

int Step(Flow flow, FlowDurability? durability)
{
    var request = new StepRequest(new RunById(flow, runId, RunParameters.None)) { Budget = new() { Wait = true }, Durability = durability };
    var outcome = StepTaker.Take(request, CancellationToken.None);
    return outcome.Run.StateType == PrefectPS.States.StateType.Success ? 0 : 1;
}

IFlowStore Open() =>
    address.StartsWith("azblob:", StringComparison.Ordinal)
        ? BlobStore.Open(new() { Address = address, ConnectionString = Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING") })
    : address.StartsWith("gs:", StringComparison.Ordinal)
        ? BucketStore.Open(new() { Address = address, Endpoint = new(Environment.GetEnvironmentVariable("STORAGE_EMULATOR_HOST")!) })
    : new FolderStore(address);
