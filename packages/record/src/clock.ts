// Time comes through here, so that tests decide what time it is.

/** Gives the present moment. It may jump, forwards and back, when the machine's clock is set. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Milliseconds since some moment in the past, which no setting of a clock changes. For spans of time within one process. */
export type Monotonic = () => number;

export const systemMonotonic: Monotonic = () => performance.now();
