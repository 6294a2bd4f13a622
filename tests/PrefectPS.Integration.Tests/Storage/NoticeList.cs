using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>What stores said.</summary>
internal sealed class NoticeList : IStoreListener
{
    private readonly ConcurrentQueue<string> _heard = new();

    public int Count => _heard.Count;

    public string[] All => [.. _heard];

    public void Hear(string notice) => _heard.Enqueue(notice);

    public void Speak()
    {
    }

    public void Clear() => _heard.Clear();
}
