// Loaded into a measured server before its own code: tells over IPC what the process has used so far, and ends with
// the process that measures.
process.on('message', () => process.send?.({ ...process.cpuUsage(), rssBytes: process.memoryUsage.rss() }))
process.on('disconnect', () => process.exit())
process.channel?.unref()
