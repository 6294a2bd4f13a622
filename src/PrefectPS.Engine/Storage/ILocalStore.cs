namespace PrefectPS.Storage;

/// <summary>A store without network requests, which can be polled often: before each body, and every second.</summary>
internal interface ILocalStore : IFlowStore;
