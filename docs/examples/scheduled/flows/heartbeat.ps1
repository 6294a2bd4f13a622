# The flow of this file: every quarter of an hour. Where several times have passed, the latest alone is made up for.
param([string] $Store)

New-Flow 'heartbeat' -Store $Store -Schedule '00:15:00' {
    task look { "$([Environment]::MachineName) is up" }
}
