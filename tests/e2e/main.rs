//! End-to-end tests: a client on one side, a provider on the other, the gateway between them, real
//! sockets everywhere.

#[cfg(test)]
mod adapters;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bad_requests;
mod budget;
mod cascade;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod control;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod departure;
#[cfg(test)]
mod device;
mod digest;
#[cfg(test)]
mod egress;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod embeddings;
#[cfg(test)]
mod fallback;
#[cfg(test)]
mod far;
#[cfg(test)]
mod far_streams;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hidden_channels;
#[cfg(test)]
mod house;
#[cfg(test)]
mod load;
#[cfg(test)]
mod local;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod messages_sweep;
mod messages_thoughts;
#[cfg(test)]
mod names;
#[cfg(test)]
mod ollama;
#[cfg(test)]
mod ollama_models;
#[cfg(test)]
mod on_demand;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod provider_faults;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod responses_chain;
#[cfg(test)]
mod responses_sweep;
#[cfg(test)]
mod rule_outcome;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod utility;
#[cfg(test)]
mod zones;
