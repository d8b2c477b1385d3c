/** File in the state directory: what of the programs outlives the agent in the kernel. */
export const PROGRAMS_FILE = 'programs.json';
