/** One end of a line between two threads, or between two parts of one. */

/** Flat on purpose: arrays of strings and numbers cross threads without being copied deeply. */
export type Cells = readonly (string | number)[]

export interface Port {
  post(cells: Cells): void
  onMessage(listener: (cells: Cells) => void): void
  close(): void
}

/** Two ends in one thread that deliver asynchronously, as a worker does. */
export function localPair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel()
  return [messagePort(port1), messagePort(port2)]
}

/** The end of a worker's line in the thread that made the worker. Closing it terminates the worker. */
export function workerPort(worker: Worker): Port {
  return {
    post: (cells) => worker.postMessage(cells),
    onMessage: (listener) => {
      worker.onmessage = ({ data }) => listener(data)
    },
    close: () => worker.terminate(),
  }
}

/** The end of the line inside a worker. Closing it lets the worker end by itself. */
export function ownPort(scope: Pick<Worker, 'postMessage' | 'onmessage'> & { close(): void }): Port {
  return {
    post: (cells) => scope.postMessage(cells),
    onMessage: (listener) => {
      scope.onmessage = ({ data }) => listener(data)
    },
    close: () => scope.close(),
  }
}

function messagePort(port: MessagePort): Port {
  return {
    post: (cells) => port.postMessage(cells),
    onMessage: (listener) => {
      port.onmessage = ({ data }) => listener(data)
    },
    close: () => port.close(),
  }
}
