namespace PrefectPS.Flows;

/// <summary>Where a run came from, such as a message. It travels with the run from cmdlet to cmdlet and is in no document.</summary>
public interface IRunOrigin;
