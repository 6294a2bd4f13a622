# The flow. Workers and whoever runs it load this file: no code travels.
param([string] $Store = './store', [string] $Begun)

New-Flow 'pictures' -Store $Store {
    task list { 1..12 }
    task draw {
        param($n)
        $null = New-Item -ItemType File -Path (Join-Path $using:Begun "$n-$PID") # to see afterwards which process has begun it
        Start-Sleep -Seconds 2
        "picture $n by process $PID"
    } -Map @{ n = 'list' }
    task album { param($pictures) "$(@($pictures).Count) pictures" } -InputFrom @{ pictures = 'draw' }
}
