namespace PrefectPS.Engine.Tests.Simulation;

internal enum OperationKind
{
    Step,
    Remove,
    Read,
    Request,
}
