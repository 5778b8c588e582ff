// What every test needs before it starts.
export {};
