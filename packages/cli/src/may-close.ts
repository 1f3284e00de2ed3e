/** Lets whoever reads a stream stop early, as `| head` does: what is left is not wanted, and the exit code stays that of the command. */
export function mayClose(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE') throw error
  })
}
