/**
 * Lets whoever reads a stream stop early, as `| head` does: what is left is not wanted, and the exit code stays that of the command. Where it cannot be written
 * for another reason, a full disk say, `stop` is told what to tell.
 */
export function mayClose(stream: NodeJS.WritableStream, stop: (message: string) => void): void {
  stream.on('error', ({ code, message }: Error & { code?: string }) => {
    if (code !== 'EPIPE') stop(`error: what was found cannot be written (${code ?? message})\n  hint: check the disk, or where the output is sent to\n`)
  })
}
