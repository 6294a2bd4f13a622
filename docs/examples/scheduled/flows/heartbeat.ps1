# This flow runs every quarter of an hour. If several times were missed, only the latest one runs.
param([string] $Store)

New-Flow 'heartbeat' -Store $Store -Schedule '00:15:00' {
    task look { "$([Environment]::MachineName) is up" }
}
