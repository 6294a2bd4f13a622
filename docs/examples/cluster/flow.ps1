# The flow. Workers and steps load this file, because code is not transferred.
param([string] $Store = './store', [string] $Begun)

New-Flow 'pictures' -Store $Store {
    task list { 1..12 }
    task draw {
        param($n)
        $null = New-Item -ItemType File -Path (Join-Path $using:Begun "$n-$PID") # shows afterwards which process started it
        Start-Sleep -Seconds 2
        "picture $n by process $PID"
    } -Map @{ n = 'list' }
    task album { param($pictures) "$(@($pictures).Count) pictures" } -InputFrom @{ pictures = 'draw' }
}
