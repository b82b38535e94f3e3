//! A value that tasks wait for.

use std::sync::{PoisonError, RwLock};

use tokio::sync::Notify;

/// A value that tasks wait for until something holds of it. As tokio's `watch` channel, but waiters are woken in the
/// order in which they came: the channel draws lots, which no seed controls.
#[derive(Debug, Default)]
pub struct Level<T> {
    value: RwLock<T>,
    changed: Notify,
}

impl<T: Clone> Level<T> {
    /// A level that begins with this value.
    pub fn new(value: T) -> Self {
        Self { value: RwLock::new(value), changed: Notify::new() }
    }

    /// The value now.
    pub fn get(&self) -> T {
        self.value.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the value and wakes those who wait.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.write().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_waiters();
    }

    /// Sets the value and wakes those who wait.
    pub fn set(&self, value: T) {
        self.change(|own| *own = value);
    }

    /// Waits until `holds`, and gives the value of which it does. Safe to cancel.
    pub async fn wait_for(&self, holds: impl Fn(&T) -> bool) -> T {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let value = self.get();
            if holds(&value) {
                return value;
            }
            changed.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[tokio::test]
    async fn waiters_are_woken_in_their_order() {
        let (level, order) = (Arc::new(Level::new(0)), Arc::new(Mutex::new(Vec::new())));
        let mut tasks = Vec::new();
        for waiter in 0..20 {
            let (level, order) = (level.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                level.wait_for(|value| *value >= 2).await;
                order.lock().unwrap().push(waiter);
            }));
        }
        tokio::task::yield_now().await;
        level.set(1);
        tokio::task::yield_now().await;
        assert!(order.lock().unwrap().is_empty());
        level.change(|value| *value += 1);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
        assert_eq!(level.wait_for(|value| *value == 2).await, 2);
    }
}
