namespace PrefectPS.Flows;

/// <summary>What brought a run to this process, such as a message. It travels with the run from cmdlet to cmdlet, and is in no document.</summary>
public interface IRunOrigin;
