namespace PrefectPS.Flows;

/// <summary>Origin of a run, such as a message. It travels with the run from cmdlet to cmdlet and is in no document.</summary>
public interface IRunOrigin;
