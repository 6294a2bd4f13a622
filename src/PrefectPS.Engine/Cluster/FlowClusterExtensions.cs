using System.Security.Cryptography.X509Certificates;

namespace PrefectPS.Cluster;

/// <summary>Members of <see cref="FlowCluster"/> for other assemblies, such as its credentials.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowClusterExtensions
{
    extension(FlowCluster cluster)
    {
        /// <summary>Where the workers find each other; it may hold secrets.</summary>
        public string Address => cluster.Address;

        /// <summary>Connection string of the server behind the address; null to use the address.</summary>
        public string? ConnectionString => cluster.ConnectionString;

        /// <summary>User name for that server; null to use the address.</summary>
        public string? UserName => cluster.UserName;

        /// <summary>Password for that server; null to use the address.</summary>
        public string? Password => cluster.Password;

        /// <summary>True if traffic between the machines is encrypted.</summary>
        public bool IsEncrypted => cluster.IsEncrypted;

        /// <summary>Describes a cluster.</summary>
        /// <param name="address">Where the workers find each other.</param>
        /// <param name="connectionString">The connection string of the server behind the address; null for what the address says.</param>
        /// <param name="userName">The user name for that server; null for what the address says.</param>
        /// <param name="password">The password for that server; null for what the address says.</param>
        /// <param name="certificate">The certificate that all members hold; null for no encryption.</param>
        /// <param name="allowsUnencrypted">Whether workers on other machines are talked to without a certificate.</param>
        /// <param name="failureTimeout">How long after its last sign of life a worker is declared dead; null for 4 seconds.</param>
        public static FlowCluster Of(
            string address, string? connectionString = null, string? userName = null, string? password = null, X509Certificate2? certificate = null,
            bool allowsUnencrypted = false, TimeSpan? failureTimeout = null) =>
            new(address)
            {
                ConnectionString = connectionString,
                UserName = userName,
                Password = password,
                Certificate = certificate,
                AllowsUnencrypted = allowsUnencrypted,
                FailureTimeout = failureTimeout ?? FlowCluster.UsualFailureTimeout,
            };
    }
}
