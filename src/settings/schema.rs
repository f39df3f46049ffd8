//! JSON Schema of the model.
