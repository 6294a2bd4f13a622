namespace PrefectPS.Storage;

/// <summary>A store whose calls cost no request: what is worth a look is looked for there before each body, and every second.</summary>
public interface ILocalStore : IFlowStore;
