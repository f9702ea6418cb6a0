// Time comes through here, so that tests decide what time it is.

/** Gives the present moment. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
