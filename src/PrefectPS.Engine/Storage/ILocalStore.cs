namespace PrefectPS.Storage;

/// <summary>A store whose calls cost no network request. A step looks into it for requests before each task and every second, not every few seconds.</summary>
public interface ILocalStore : IFlowStore;
