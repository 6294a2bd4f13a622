using System.Net;
using Google;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using PrefectPS.Integration.Tests.Emulators;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace PrefectPS.Integration.Tests.Storage;

/// <summary>The server of these tests does what Google's own client expects of the service.</summary>
public sealed class CloudStorageServerTests : IAsyncLifetime
{
    private const string Name = "a/x";

    private CloudStorageServer _server = null!;
    private StorageClient _client = null!;
    private string _bucket = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await CloudStorageServer.StartAsync();
        _bucket = _server.CreateBucket()["gs://".Length..];
        _client = new StorageClientImpl(new StorageService(new() { BaseUri = $"{_server.Endpoint}storage/v1/", GZipEnabled = false }));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_object_comes_back_as_it_was_with_its_hash()
    {
        var content = ForwardStream.Bytes(1_000_000);
        var written = await WriteAsync(content);
        using var copy = new MemoryStream();
        var read = await ReadAsync(new() { DownloadValidationMode = DownloadValidationMode.Always }, copy);
        Assert.Equal(content, copy.ToArray());
        Assert.Equal((written.Generation, written.Crc32c), (read.Generation, read.Crc32c));
        Assert.InRange(DateTimeOffset.UtcNow - written.UpdatedDateTimeOffset!.Value, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Reads_and_deletes_keep_to_the_generation_that_they_name()
    {
        var old = (await WriteAsync(new byte[1])).Generation;
        var current = (await WriteAsync(new byte[2])).Generation;
        await AssertStatusAsync(HttpStatusCode.NotFound, () => GetAsync(new() { Generation = old }));
        await AssertStatusAsync(HttpStatusCode.NotFound, () => ReadAsync(new() { Generation = old }));
        await AssertStatusAsync(HttpStatusCode.NotFound, () => DeleteAsync(new() { Generation = old }));
        Assert.Equal(2ul, (await GetAsync(new() { Generation = current })).Size);
        await DeleteAsync(new() { Generation = current });
        await AssertStatusAsync(HttpStatusCode.NotFound, () => GetAsync(new()));
    }

    [Fact]
    public async Task Preconditions_on_generations_are_kept()
    {
        var current = (await WriteAsync(new byte[1])).Generation;
        await AssertStatusAsync(HttpStatusCode.PreconditionFailed, () => WriteAsync(new byte[2], new() { IfGenerationMatch = 0 }));
        await AssertStatusAsync(HttpStatusCode.PreconditionFailed, () => WriteAsync(new byte[2], new() { IfGenerationNotMatch = current }));
        await AssertStatusAsync(HttpStatusCode.PreconditionFailed, () => WriteAsync(new byte[2], new() { IfMetagenerationMatch = 2 }));
        await AssertStatusAsync(HttpStatusCode.NotModified, () => GetAsync(new() { IfGenerationNotMatch = current }));
        await AssertStatusAsync(HttpStatusCode.PreconditionFailed, () => GetAsync(new() { IfGenerationMatch = 1 }));
        await AssertStatusAsync(HttpStatusCode.PreconditionFailed, () => DeleteAsync(new() { IfMetagenerationNotMatch = 1 }));
        await WriteAsync(new byte[2], new() { IfGenerationMatch = current, IfMetagenerationMatch = 1 });
    }

    [Fact]
    public async Task A_chunked_upload_resumes_after_every_kind_of_break()
    {
        var content = ForwardStream.Bytes(5 * UploadSession.Unit);
        HttpMishap[] mishaps = [new HttpMishap.Broken(), new HttpMishap.HalfRequest(), new HttpMishap.LostAnswer(), new HttpMishap.Answer(503)];
        foreach (var mishap in mishaps)
        {
            _server.Expect(new HttpMishap.None(), new HttpMishap.None(), mishap);
            await WriteAsync(content, new() { ChunkSize = 2 * UploadSession.Unit });
            using var copy = new MemoryStream();
            await ReadAsync(new(), copy);
            Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()), $"{mishap}");
        }
    }

    private Task<Object> ReadAsync(DownloadObjectOptions options, Stream? copy = null) =>
        _client.DownloadObjectAsync(_bucket, Name, copy ?? Stream.Null, options, Stop);

    private Task<Object> GetAsync(GetObjectOptions options) => _client.GetObjectAsync(_bucket, Name, options, Stop);

    private Task DeleteAsync(DeleteObjectOptions options) => _client.DeleteObjectAsync(_bucket, Name, options, Stop);

    private Task<Object> WriteAsync(byte[] content, UploadObjectOptions? options = null) =>
        _client.UploadObjectAsync(_bucket, Name, "text/plain", new ForwardContent(content), options, Stop);

    private static async Task AssertStatusAsync(HttpStatusCode status, Func<Task> call) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<GoogleApiException>(call)).HttpStatusCode);

    // As a store sends it: of a size that is not known before its end.
    private sealed class ForwardContent(byte[] content) : PrefectPS.Storage.ReadOnlyStream
    {
        private int _position;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, content.Length - _position);
            content.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
            _position += read;
            return read;
        }

        protected override ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var bytes = new byte[buffer.Length];
            var read = Read(bytes, 0, bytes.Length);
            bytes.AsSpan(0, read).CopyTo(buffer.Span);
            return new(read);
        }
    }
}
